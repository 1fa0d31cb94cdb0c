"""What Discord refuses in messages and modals: lengths, counts, unknown fields, the rules of Components V2.

A refusal is a `DiscordApiError` with Discord's code and the path of the value.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from bot.fake_discord.api_errors import EMPTY_MESSAGE, invalid_form_error
from bot.fake_discord.state import COMPONENTS_V2, Json

ACTION_ROW, BUTTON, SELECT, TEXT_INPUT = 1, 2, 3, 4
OTHER_SELECTS: Final = {5, 6, 7, 8}
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


def validate_length(path: str, value: object, minimum: int, maximum: int) -> None:
    """Refuse what is no string of `minimum` to `maximum` characters."""
    if not isinstance(value, str):
        raise invalid_form_error(path, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
    if not minimum <= len(value) <= maximum:
        raise invalid_form_error(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {minimum} and {maximum} in length.")


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
    if (nonce := body.get("nonce")) is not None and len(str(nonce)) > 25:  # noqa: PLR2004
        raise invalid_form_error("nonce", "NONCE_TYPE_TOO_LONG", "Nonce must be 25 or fewer in length.")
    if (mentions := body.get("allowed_mentions")) is not None:
        validate_keys("allowed_mentions", mentions, _MENTION_KEYS)
    if len(embeds) > 10:  # noqa: PLR2004
        raise invalid_form_error("embeds", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    for number, embed in enumerate(embeds):
        validate_keys(f"embeds.{number}", embed, _EMBED_KEYS)
        validate_length(f"embeds.{number}.description", embed.get("description", ""), 0, 4096)
        validate_length(f"embeds.{number}.title", embed.get("title", ""), 0, 256)
    if flags & COMPONENTS_V2:
        if content or embeds or body.get("poll"):
            field = "content" if content else "embeds"
            raise invalid_form_error(
                field, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "Not beside Components V2."
            )
        if not components and editing is None:
            raise EMPTY_MESSAGE
        validate_components(components, v2=True)
        _check_attached_files(body, components, editing)
        return
    if editing is None and not (content or embeds or components or body.get("attachments") or body.get("poll")):
        raise EMPTY_MESSAGE
    validate_components(components, v2=False)


def _check_attached_files(body: Json, components: Iterable[Json], editing: Json | None) -> None:
    """Refuse `attachment://NAME` of a file that this request neither attaches nor leaves on the message."""
    previous = (editing or {}).get("attachments") or []
    attached = {attachment.get("filename") for attachment in body.get("attachments") or []}
    attached |= {attachment["filename"] for attachment in kept_attachments(previous, body)}
    for component in walk_components(components):
        for media in media_objects_of_component(component):
            url = str(media.get("url", ""))
            if url.startswith(ATTACHMENT_SCHEME) and url.removeprefix(ATTACHMENT_SCHEME) not in attached:
                raise invalid_form_error(
                    "components", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "No such attachment."
                )


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
    if not isinstance(components, list):
        raise invalid_form_error("components", "LIST_TYPE_CONVERT", "Only lists may be used in a ListType")
    if not v2 and len(components) > 5:  # noqa: PLR2004
        raise invalid_form_error("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for number, component in enumerate(components):
        _check_component(f"components.{number}", component, _TOP_LEVEL_V2_TYPES if v2 else {ACTION_ROW})
    nested = list(walk_components(components))
    if len(nested) > 40:  # noqa: PLR2004
        raise invalid_form_error("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "40 components at most.")
    if sum(len(component.get("content", "")) for component in nested if component.get("type") == TEXT) > 4000:  # noqa: PLR2004
        raise invalid_form_error("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "4000 characters at most.")
    custom_ids = [component["custom_id"] for component in nested if "custom_id" in component]
    if len(custom_ids) != len(set(custom_ids)):
        raise invalid_form_error(
            "components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
        )


def walk_components(components: Iterable[Json]) -> Iterator[Json]:
    """Yield every component, the nested ones included."""
    for component in components:
        yield component
        yield from walk_components(component.get("components") or [])
        for nested in ("accessory", "component"):
            if nested in component:
                yield from walk_components([component[nested]])


def _check_component(path: str, component: object, allowed: Iterable[int]) -> None:
    kind = component.get("type") if isinstance(component, dict) else None
    if kind not in set(allowed) or kind not in _KEYS:
        raise invalid_form_error(
            f"{path}.type", "UNION_TYPE_CHOICES", f'Value of field "type" must be one of {sorted(allowed)}.'
        )
    body = validate_keys(path, component, _KEYS[kind] | _COMMON_KEYS)
    if kind in _RULES:
        _RULES[kind](path, body)


def _check_text_display(path: str, body: Json) -> None:
    validate_length(f"{path}.content", body.get("content"), 1, 4000)


def _check_media_gallery(path: str, body: Json) -> None:
    if not 1 <= len(body.get("items") or []) <= 10:  # noqa: PLR2004
        raise invalid_form_error(f"{path}.items", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
    for number, item in enumerate(body["items"]):
        item_path = f"{path}.items.{number}"
        validate_keys(item_path, item, {"media", "description", "spoiler"})
        if item.get("description") is not None:
            validate_length(f"{item_path}.description", item["description"], 1, 1024)
        url = validate_keys(f"{item_path}.media", item.get("media"), {"url"}).get("url")
        validate_length(f"{item_path}.media.url", url, 1, 2048)
        if not str(url).startswith((ATTACHMENT_SCHEME, "http://", "https://")):
            raise invalid_form_error(f"{item_path}.media.url", "URL_TYPE_INVALID_SCHEME", "Not a well formed URL.")


def _check_container(path: str, body: Json) -> None:
    for number, component in enumerate(_validate_non_empty(path, body)):
        _check_component(f"{path}.components.{number}", component, _IN_CONTAINER)


def _validate_non_empty(path: str, body: Json) -> list[Json]:
    components = body.get("components")
    if not isinstance(components, list) or not components:
        raise invalid_form_error(f"{path}.components", "BASE_TYPE_REQUIRED", "This field is required")
    return components


def _check_action_row(path: str, body: Json) -> None:
    components = _validate_non_empty(path, body)
    selects = [component for component in components if component.get("type") in {SELECT, *OTHER_SELECTS}]
    if (selects and len(components) > 1) or len(components) > 5:  # noqa: PLR2004
        raise invalid_form_error(
            f"{path}.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "Five buttons or one select in a row."
        )
    for number, component in enumerate(components):
        _check_component(f"{path}.components.{number}", component, {BUTTON, SELECT})


def _check_button(path: str, body: Json) -> None:
    style = body.get("style")
    if style not in range(1, 7):
        raise invalid_form_error(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).")
    link = style == 5  # noqa: PLR2004
    if link != ("url" in body) or link == ("custom_id" in body):
        raise invalid_form_error(
            f"{path}.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_OR_URL", "A custom id, or a url on a link."
        )
    if "label" not in body and "emoji" not in body:
        raise invalid_form_error(f"{path}.label", "BUTTON_COMPONENT_INVALID_LABEL", "A label or an emoji is required.")
    validate_length(f"{path}.label", body.get("label", ""), 0, 80)
    if not link:
        validate_length(f"{path}.custom_id", body.get("custom_id"), 1, 100)


def _check_select(path: str, body: Json) -> None:
    validate_length(f"{path}.custom_id", body.get("custom_id"), 1, 100)
    validate_length(f"{path}.placeholder", body.get("placeholder") or "", 0, 150)
    options = body.get("options") or []
    if not 1 <= len(options) <= 25:  # noqa: PLR2004
        raise invalid_form_error(f"{path}.options", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
    for number, option in enumerate(options):
        item_path = f"{path}.options.{number}"
        validate_keys(item_path, option, {"label", "value", "description", "emoji", "default"})
        validate_length(f"{item_path}.label", option.get("label"), 1, 100)
        validate_length(f"{item_path}.value", option.get("value"), 1, 100)
        validate_length(f"{item_path}.description", option.get("description") or "", 0, 100)
    minimum, maximum = body.get("min_values", 1), body.get("max_values", 1)
    if not (0 <= minimum <= 25 and 1 <= maximum <= len(options) and minimum <= maximum):  # noqa: PLR2004
        raise invalid_form_error(
            f"{path}.max_values", "BASE_TYPE_BAD_LENGTH", "As many values as there are options, at most."
        )
    if sum(bool(option.get("default")) for option in options) > maximum:
        raise invalid_form_error(
            f"{path}.options", "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many default values."
        )
    values = [option["value"] for option in options]
    if len(values) != len(set(values)):
        raise invalid_form_error(
            f"{path}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The values must be unique."
        )


def _check_section(path: str, body: Json) -> None:
    texts = _validate_non_empty(path, body)
    if len(texts) > 3:  # noqa: PLR2004
        raise invalid_form_error(f"{path}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 3 in length.")
    for number, component in enumerate(texts):
        _check_component(f"{path}.components.{number}", component, {TEXT})
    if "accessory" not in body:
        raise invalid_form_error(f"{path}.accessory", "BASE_TYPE_REQUIRED", "This field is required")
    _check_component(f"{path}.accessory", body["accessory"], {BUTTON, THUMBNAIL})


_RULES: Final = {
    ACTION_ROW: _check_action_row,
    BUTTON: _check_button,
    SELECT: _check_select,
    SECTION: _check_section,
    TEXT: _check_text_display,
    GALLERY: _check_media_gallery,
    CONTAINER: _check_container,
}


def validate_autocomplete_choices(data: Json) -> None:
    """Refuse the choices of an autocomplete."""
    choices = validate_keys("data", data, {"choices"}).get("choices") or []
    if len(choices) > 25:  # noqa: PLR2004
        raise invalid_form_error("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for number, choice in enumerate(choices):
        path = f"data.choices.{number}"
        validate_keys(path, choice, {"name", "name_localizations", "value"})
        if not 1 <= len(choice["name"]) <= 100 or not 1 <= len(str(choice["value"])) <= 100:  # noqa: PLR2004
            raise invalid_form_error(f"{path}.name", "BASE_TYPE_BAD_LENGTH", "1 to 100 in length.")


def validate_modal(data: Json) -> None:
    """Refuse a modal."""
    validate_keys("data", data, {"custom_id", "title", "components"})
    validate_length("data.custom_id", data.get("custom_id"), 1, 100)
    validate_length("data.title", data.get("title"), 1, 45)
    components = data.get("components") or []
    if not 1 <= len(components) <= 5:  # noqa: PLR2004
        raise invalid_form_error("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for number, component in enumerate(components):
        path = f"data.components.{number}"
        kind = component.get("type")
        if kind == TEXT:
            continue
        if kind not in {LABEL, ACTION_ROW}:
            raise invalid_form_error(
                f"{path}.type", "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1, 10, 18).'
            )
        validate_keys(path, component, _KEYS[kind] | _COMMON_KEYS)
        if kind == LABEL:
            validate_length(f"{path}.label", component.get("label"), 1, 45)
            validate_length(f"{path}.description", component.get("description") or "", 0, 100)
        for field in walk_components([component]):
            if field.get("type") == TEXT_INPUT:
                validate_keys(path, field, _KEYS[TEXT_INPUT] | _COMMON_KEYS)
                validate_length(f"{path}.component.custom_id", field.get("custom_id"), 1, 100)
                validate_length(f"{path}.component.placeholder", field.get("placeholder") or "", 0, 100)
                validate_length(f"{path}.component.value", field.get("value") or "", 0, 4000)
            elif field.get("type") == SELECT:
                _check_select(f"{path}.component", field)
