"""What Discord makes of the message that a request asks for: ids of components, addresses of files."""

from collections.abc import Iterable
from copy import deepcopy
from itertools import count

from bot.fake_discord import validation
from bot.fake_discord.state import COMPONENTS_V2, EPHEMERAL, Channel, DiscordState, Json, Message

Files = Iterable[tuple[str, bytes]]


def build_message_body(state: DiscordState, channel: Channel, data: Json, files: Files) -> Json:
    """Return the body of a new message, and store its files."""
    attachments = state.store_files(channel, files)
    return {
        "content": data.get("content") or "",
        "embeds": data.get("embeds") or [],
        "components": with_resolved_media(with_component_ids(data.get("components") or []), attachments),
        "flags": data.get("flags") or 0,
        "attachments": attachments,
    }


def apply_message_edit(state: DiscordState, message: Message, data: Json, files: Files) -> None:
    """Edit a message. Raises `DiscordApiError` for what Discord refuses."""
    body = message.body
    validation.validate_message(data, editing=body)
    flags = data.get("flags")
    if not (flags or 0) & COMPONENTS_V2 and body.get("flags", 0) & COMPONENTS_V2:
        flags = body["flags"]  # a message stays one of Components V2
    attachments = validation.kept_attachments(body.get("attachments") or [], data)
    body["attachments"] = attachments + state.store_files(message.channel, files)
    for key in ("content", "embeds"):
        if data.get(key) is not None:
            body[key] = data[key]
    if flags is not None:  # who sees a message does not change
        body["flags"] = flags | (body.get("flags", 0) & EPHEMERAL)
    if data.get("components") is not None:
        body["components"] = with_resolved_media(with_component_ids(data["components"]), body["attachments"])
    body["edited_timestamp"] = state.clock.now().isoformat()


def with_resolved_media(components: list[Json], attachments: Iterable[Json]) -> list[Json]:
    """Return a copy of components in which `attachment://NAME` has the address and the size of the file."""
    files = {validation.ATTACHMENT_SCHEME + attachment["filename"]: attachment for attachment in attachments}
    components = deepcopy(components)
    for component in validation.walk_components(components):
        for media in validation.media_objects_of_component(component):
            if (file := files.get(media.get("url", ""))) is not None:
                keys = {"url", "proxy_url", "content_type", "width", "height"} & file.keys()
                media |= {"attachment_id": file["id"], **{key: file[key] for key in keys}}
    return components


def with_component_ids(components: list[Json]) -> list[Json]:
    """Return a copy of components in which every one has an id."""
    ids = count(1)

    def with_id(component: Json) -> Json:
        copy = {"id": next(ids), **component}
        if copy["type"] in {validation.BUTTON, validation.SELECT}:
            copy.setdefault("disabled", False)
        if "components" in copy:
            copy["components"] = [with_id(nested) for nested in copy["components"]]
        if "accessory" in copy:
            copy["accessory"] = with_id(copy["accessory"])
        return copy

    return [with_id(component) for component in components]
