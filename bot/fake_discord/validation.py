"""What Discord refuses in messages and modals: lengths, counts, unknown fields, the rules of Components V2.

A refusal is a `DiscordApiError` with Discord's code and the path of the value.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bot.fake_discord.api_errors import EMPTY_MESSAGE, invalid_form_error
from bot.fake_discord.state import COMPONENTS_V2, Json

ACTION_ROW, BUTTON, SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL, UPLOAD = 9, 10, 11, 12, 13, 14, 17, 18, 19

ATTACHMENT_SCHEME: Final = "attachment://"

_COMMON_KEYS: Final = {"type", "id"}
_KEYS: Final = {
    ACTION_ROW: {"components"},
    BUTTON: {"style", "label", "emoji", "custom_id", "sku_id", "url", "disabled"},
    SELECT: {"custom_id", "options", "placeholder", "min_values", "max_values", "disabled", "required"},
    TEXT_INPUT: {"custom_id", "style", "label", "min_length", "max_length", "required", "value", "placeholder"},
    SECTION: {"components", "accessory"},
    TEXT: {"content"},
    THUMBNAIL: {"media", "description", "spoiler"},
    GALLERY: {"items"},
    FILE: {"file", "spoiler"},
    SEPARATOR: {"divider", "spacing"},
    CONTAINER: {"components", "accent_color", "spoiler"},
    LABEL: {"label", "description", "component"},
    UPLOAD: {"custom_id", "min_values", "max_values", "required"},
}
_LENGTHS: Final = {
    BUTTON: {"label": (0, 80)},
    SELECT: {"custom_id": (1, 100), "placeholder": (0, 150)},
    TEXT_INPUT: {"custom_id": (1, 100), "placeholder": (0, 100), "value": (0, 4000)},
    TEXT: {"content": (1, 4000)},
    LABEL: {"label": (1, 45), "description": (0, 100)},
}
"""Fewest and most characters by the component's type and its key."""
MAX_COMPONENTS: Final = 40
MAX_TEXT_CHARACTERS: Final = 4000
"""For all texts of a message together."""
BUTTONS_IN_ROW: Final = 5
LINK_STYLE: Final = 5
"""The style of a button that opens an address."""
_IN_CONTAINER: Final = {ACTION_ROW, TEXT, SECTION, GALLERY, SEPARATOR, FILE}
_TOP_LEVEL_V2_TYPES: Final = _IN_CONTAINER | {CONTAINER}
_MESSAGE_KEYS: Final = {
    "content", "tts", "embeds", "nonce", "enforce_nonce", "allowed_mentions", "message_reference", "components",
    "sticker_ids", "flags", "attachments", "poll",
}  # fmt: skip
_MENTION_KEYS: Final = {"parse", "roles", "users", "replied_user"}
_EMBED_KEYS: Final = {
    "title", "type", "description", "url", "timestamp", "color", "footer", "image", "thumbnail", "author", "fields",
}  # fmt: skip


def refuse_if(wrong: object, path: str, code: str, message: str) -> None:
    """Refuse the value at a path if something is wrong with it."""
    if wrong:
        raise invalid_form_error(path, code, message)


def validate_length(path: str, value: object, minimum: int, maximum: int) -> None:
    """Refuse what is no string of `minimum` to `maximum` characters."""
    if not isinstance(value, str):
        raise invalid_form_error(path, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
    message = f"Must be between {minimum} and {maximum} in length."
    refuse_if(not minimum <= len(value) <= maximum, path, "BASE_TYPE_BAD_LENGTH", message)


def validate_count(path: str, values: object, minimum: int, maximum: int) -> list[Json]:
    """Return a list of `minimum` to `maximum` elements; refuse anything else."""
    if not isinstance(values, list):
        raise invalid_form_error(path, "LIST_TYPE_CONVERT", "Only lists may be used in a ListType")
    message = f"Must be between {minimum} and {maximum} in length."
    refuse_if(not minimum <= len(values) <= maximum, path, "BASE_TYPE_BAD_LENGTH", message)
    return values


def validate_lengths(path: str, body: Json, limits: Mapping[str, tuple[int, int]]) -> None:
    """Refuse strings of an object that are too short or too long; what may be empty may be missing."""
    for key, (minimum, maximum) in limits.items():
        if minimum or body.get(key) is not None:
            validate_length(f"{path}.{key}", body.get(key), minimum, maximum)


def validate_keys(path: str, body: object, allowed: Iterable[str]) -> Json:
    """Return an object; refuse anything else, and unknown keys."""
    if not isinstance(body, dict):
        raise invalid_form_error(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    if unknown := body.keys() - set(allowed):
        raise invalid_form_error(f"{path}.{min(unknown)}" if path else min(unknown), "UNKNOWN_FIELD", "Unknown field.")
    return body


def validate_message(body: Json, *, extra: Iterable[str] = (), editing: Json | None = None) -> None:
    """Refuse a message; `editing` is the body of the message that is edited."""
    validate_keys("", body, _MESSAGE_KEYS | set(extra))
    flags = body.get("flags") or (editing or {}).get("flags") or 0
    content, embeds, components = body.get("content"), body.get("embeds") or [], body.get("components") or []
    if content is not None:
        validate_length("content", content, 0, 2000)
    validate_length("nonce", str(body.get("nonce") or ""), 0, 25)
    if (mentions := body.get("allowed_mentions")) is not None:
        validate_keys("allowed_mentions", mentions, _MENTION_KEYS)
    for number, embed in enumerate(validate_count("embeds", embeds, 0, 10)):
        validate_keys(f"embeds.{number}", embed, _EMBED_KEYS)
        validate_lengths(f"embeds.{number}", embed, {"description": (0, 4096), "title": (0, 256)})
    if flags & COMPONENTS_V2:
        legacy, code = content or embeds or body.get("poll"), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
        refuse_if(legacy, "content" if content else "embeds", code, "Not beside Components V2.")
        if not components and editing is None:
            raise EMPTY_MESSAGE
        validate_components(components, v2=True)
        _validate_attached_files(body, components, editing)
        return
    if editing is None and not (content or embeds or components or body.get("attachments") or body.get("poll")):
        raise EMPTY_MESSAGE
    validate_components(components, v2=False)


def _validate_attached_files(body: Json, components: Iterable[Json], editing: Json | None) -> None:
    """Refuse `attachment://NAME` of a file that this request neither attaches nor leaves on the message."""
    previous = (editing or {}).get("attachments") or []
    attached = {attachment.get("filename") for attachment in body.get("attachments") or []}
    attached |= {attachment["filename"] for attachment in kept_attachments(previous, body)}
    for component in walk_components(components):
        for media in media_objects_of_component(component):
            url, code = str(media.get("url", "")), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
            is_missing = url.startswith(ATTACHMENT_SCHEME) and url.removeprefix(ATTACHMENT_SCHEME) not in attached
            refuse_if(is_missing, "components", code, "No such attachment.")


def kept_attachments(attachments: Iterable[Json], body: Json) -> list[Json]:
    """Return the attachments that an edit leaves on a message: all, or those whose ids it names."""
    if "attachments" not in body:
        return list(attachments)
    ids = {str(attachment.get("id")) for attachment in body["attachments"] or []}
    return [attachment for attachment in attachments if attachment["id"] in ids]


def media_objects_of_component(component: Json) -> list[Json]:
    """Return the media objects of a component, which name files or addresses."""
    if component.get("type") == GALLERY:
        return [item.get("media") or {} for item in component.get("items") or []]
    return [component[key] for key in ("media", "file") if component.get(key)]


def validate_components(components: object, *, v2: bool) -> None:
    """Refuse components of a message; `v2`: of Components V2."""
    listed = validate_count("components", components, 0, MAX_COMPONENTS if v2 else 5)
    for number, component in enumerate(listed):
        _validate_component(f"components.{number}", component, _TOP_LEVEL_V2_TYPES if v2 else {ACTION_ROW})
    nested = list(walk_components(listed))
    count = len(nested)
    refuse_if(count > MAX_COMPONENTS, "components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "Too many components.")
    characters = sum(len(component.get("content", "")) for component in nested if component.get("type") == TEXT)
    code = "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"
    refuse_if(characters > MAX_TEXT_CHARACTERS, "components", code, "Too many characters.")
    custom_ids = [component["custom_id"] for component in nested if "custom_id" in component]
    _refuse_repeated(custom_ids, "components", "COMPONENT_CUSTOM_ID_DUPLICATED")


def _refuse_repeated(values: list[object], path: str, code: str) -> None:
    refuse_if(len(values) != len(set(values)), path, code, "The values must be unique.")


def walk_components(components: Iterable[Json]) -> Iterator[Json]:
    """Yield every component, the nested ones included."""
    for component in components:
        yield component
        yield from walk_components(component.get("components") or [])
        for nested in ("accessory", "component"):
            if nested in component:
                yield from walk_components([component[nested]])


def _validate_component(path: str, component: object, allowed: Iterable[int]) -> None:
    kind = component.get("type") if isinstance(component, dict) else None
    if kind not in set(allowed) or kind not in _KEYS:
        message = f'Value of field "type" must be one of {sorted(allowed)}.'
        raise invalid_form_error(f"{path}.type", "UNION_TYPE_CHOICES", message)
    body = validate_keys(path, component, _KEYS[kind] | _COMMON_KEYS)
    validate_lengths(path, body, _LENGTHS.get(kind, {}))
    if kind in _RULES:
        _RULES[kind](path, body)


def _validate_media_gallery(path: str, body: Json) -> None:
    for number, item in enumerate(validate_count(f"{path}.items", body.get("items"), 1, 10)):
        item_path = f"{path}.items.{number}"
        validate_keys(item_path, item, {"media", "description", "spoiler"})
        validate_lengths(item_path, item, {"description": (0, 1024)})
        url = validate_keys(f"{item_path}.media", item.get("media"), {"url"}).get("url")
        validate_length(f"{item_path}.media.url", url, 1, 2048)
        is_address = str(url).startswith((ATTACHMENT_SCHEME, "http://", "https://"))
        refuse_if(not is_address, f"{item_path}.media.url", "URL_TYPE_INVALID_SCHEME", "Not a well formed URL.")


def _validate_nested(path: str, body: Json, allowed: Iterable[int]) -> list[Json]:
    """Return the components in a component; refuse none, and those of other kinds."""
    components = body.get("components")
    if not isinstance(components, list) or not components:
        raise invalid_form_error(f"{path}.components", "BASE_TYPE_REQUIRED", "This field is required")
    for number, component in enumerate(components):
        _validate_component(f"{path}.components.{number}", component, allowed)
    return components


def _validate_container(path: str, body: Json) -> None:
    _validate_nested(path, body, _IN_CONTAINER)


def _validate_action_row(path: str, body: Json) -> None:
    components = _validate_nested(path, body, {BUTTON, SELECT})
    has_select = any(component["type"] == SELECT for component in components)
    code = "COMPONENT_LAYOUT_WIDTH_EXCEEDED"
    too_wide = len(components) > (1 if has_select else BUTTONS_IN_ROW)
    refuse_if(too_wide, f"{path}.components", code, "Five buttons or one select in a row.")


def _validate_button(path: str, body: Json) -> None:
    style = body.get("style")
    refuse_if(style not in range(1, 7), f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of 1 to 6.")
    link, code = style == LINK_STYLE, "BUTTON_COMPONENT_CUSTOM_ID_OR_URL"
    is_ambiguous = link != ("url" in body) or link == ("custom_id" in body)
    refuse_if(is_ambiguous, f"{path}.custom_id", code, "A custom id, or a url on a link.")
    is_blank = "label" not in body and "emoji" not in body
    refuse_if(is_blank, f"{path}.label", "BUTTON_COMPONENT_INVALID_LABEL", "A label or an emoji is required.")
    if not link:
        validate_length(f"{path}.custom_id", body.get("custom_id"), 1, 100)


def _validate_select(path: str, body: Json) -> None:
    options = validate_count(f"{path}.options", body.get("options"), 1, 25)
    for number, option in enumerate(options):
        item_path = f"{path}.options.{number}"
        validate_keys(item_path, option, {"label", "value", "description", "emoji", "default"})
        validate_lengths(item_path, option, {"label": (1, 100), "value": (1, 100), "description": (0, 100)})
    minimum, maximum = body.get("min_values", 1), body.get("max_values", 1)
    is_possible = 0 <= minimum <= maximum and 1 <= maximum <= len(options)
    message = "As many values as there are options, at most."
    refuse_if(not is_possible, f"{path}.max_values", "BASE_TYPE_BAD_LENGTH", message)
    defaults, code = sum(bool(option.get("default")) for option in options), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES"
    refuse_if(defaults > maximum, f"{path}.options", code, "Too many default values.")
    values = [option["value"] for option in options]
    _refuse_repeated(values, f"{path}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED")


def _validate_section(path: str, body: Json) -> None:
    validate_count(f"{path}.components", _validate_nested(path, body, {TEXT}), 1, 3)
    refuse_if("accessory" not in body, f"{path}.accessory", "BASE_TYPE_REQUIRED", "This field is required")
    _validate_component(f"{path}.accessory", body["accessory"], {BUTTON, THUMBNAIL})


_RULES: Final = {
    ACTION_ROW: _validate_action_row,
    BUTTON: _validate_button,
    SELECT: _validate_select,
    SECTION: _validate_section,
    GALLERY: _validate_media_gallery,
    CONTAINER: _validate_container,
}


def validate_autocomplete_choices(data: Json) -> None:
    """Refuse the choices of an autocomplete."""
    choices = validate_keys("data", data, {"choices"}).get("choices") or []
    for number, choice in enumerate(validate_count("data.choices", choices, 0, 25)):
        path = f"data.choices.{number}"
        validate_keys(path, choice, {"name", "name_localizations", "value"})
        validate_length(f"{path}.name", choice["name"], 1, 100)
        validate_length(f"{path}.value", str(choice["value"]), 1, 100)


def validate_modal(data: Json) -> None:
    """Refuse a modal."""
    validate_keys("data", data, {"custom_id", "title", "components"})
    validate_lengths("data", data, {"custom_id": (1, 100), "title": (1, 45)})
    for number, component in enumerate(validate_count("data.components", data.get("components"), 1, 5)):
        path = f"data.components.{number}"
        kind = component.get("type", 0)
        if kind == TEXT:
            continue
        is_field, message = kind in {LABEL, ACTION_ROW}, 'Value of field "type" must be one of (1, 10, 18).'
        refuse_if(not is_field, f"{path}.type", "UNION_TYPE_CHOICES", message)
        validate_keys(path, component, _KEYS[kind] | _COMMON_KEYS)
        validate_lengths(path, component, _LENGTHS.get(kind, {}))
        for field in walk_components([component]):
            if field.get("type") in {TEXT_INPUT, SELECT}:
                _validate_component(f"{path}.component", field, {TEXT_INPUT, SELECT})
