from bot.rehearsal.person import buttons_of, text_of


async def test_walk(up) -> None:
    mika = up.mika
    print([c["name"] for c in up.discord.world.commands])
    await mika.write("制作会社A様 今日 10:30")
    receipt = await mika.hears()
    print(text_of(receipt), buttons_of(receipt))
    a = await mika.command("status")
    print(a.text)
    await up.pass_time(hours=10.6)
    r = await mika.hears()
    print(text_of(r), buttons_of(r))
    await up.pass_time(hours=0.5)
    print([text_of(m) for m in mika.from_bot()][2:])
    x = await mika.press(r, "10分前")
    print(x.text)
    print((await mika.command("pending")).text)
    print((await mika.command("settings")).text)
