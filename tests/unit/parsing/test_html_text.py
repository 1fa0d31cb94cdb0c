"""HTML as lines of text: what stands side by side, what is hidden, what is quoted."""

import pytest

from bot.parsing.html_text import html_to_text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>a<b>b</b>c</p>", "abc"),
        ("<tr><td>From:</td><td>x@y</td></tr><tr><th>To:</th><th>z</th></tr>", "From:  x@y \nTo:  z"),
        ("a<br>b<div>c</div>d", "a\nb\nc\nd"),
        ("a<script>x<td>y</td></script>b<style>z</style>c", "abc"),
        ("a<blockquote>b<blockquote>c</blockquote>d</blockquote>e", "a\n> b\n> > c\n> d\ne"),
        ("</blockquote>a", "a"),
        ("a&amp;b&nbsp;c &lt;d&gt;", "a&b\xa0c <d>"),
        ("a  \n  b<br>", "a b"),
    ],
)
def test_what_a_reader_of_the_mail_sees(source: str, text: str) -> None:
    assert html_to_text(source) == text
