"""Secrets on command lines: what is masked, and what must stay readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.sockets.command_lines import MASK, masked_command_line


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["nginx"], "nginx"),
        (["x", "--password=hunter2"], f"x --password={MASK}"),
        (["x", "--password", "hunter2", "-v"], f"x --password {MASK} -v"),
        (["x", "-password", "hunter2"], f"x -password {MASK}"),
        (["x", "--db-password=a,b&c d"], f"x --db-password={MASK}"),
        (["x", "--token", "-abc"], f"x --token {MASK}"),
        (["x", "--token", "--verbose"], "x --token --verbose"),
        (["x", "API_KEY=abc", "apikey=abc", "AWS_SECRET_ACCESS_KEY=abc"], f"x API_KEY={MASK} apikey={MASK} AWS_SECRET_ACCESS_KEY={MASK}"),
        (["redis-server", "--requirepass", "hunter2"], f"redis-server --requirepass {MASK}"),
        (["mysql", "-phunter2", "-u", "root"], f"mysql -p{MASK} -u root"),
        (["/usr/bin/mysqldump", "-phunter2"], f"/usr/bin/mysqldump -p{MASK}"),
        (["ssh", "-p2222"], "ssh -p2222"),
        (["sshpass", "-p", "hunter2", "ssh", "a"], f"sshpass -p {MASK} ssh a"),
        (["curl", "-u", "me:hunter2", "http://a"], f"curl -u me:{MASK} http://a"),
        (["x", "https://me:hunter2@a.example/b?q=1"], f"x https://{MASK}@a.example/b?q=1"),
        (["x", "https://tok3n@a.example"], f"x https://{MASK}@a.example"),
        (["x", "postgres://u:p@ss@h/db"], f"x postgres://{MASK}@h/db"),
        (["x", "https://a.example/@me"], "x https://a.example/@me"),
        (["x", "http://a/?api_key=abc&page=2"], f"x http://a/?api_key={MASK}&page=2"),
        (["x", "host=h password=hunter2 port=1"], f"x host=h password={MASK} port=1"),
        (["x", '{"password": "hunter2", "port": 1}'], f'x {{"password": "{MASK}", "port": 1}}'),
        (["curl", "-H", "Authorization: Bearer abc.def"], f"curl -H Authorization: {MASK}"),
        (["curl", "-H", "X-Api-Key: abc"], f"curl -H X-Api-Key: {MASK}"),
        (["sh", "-c", "mysql --password hunter2 -h db"], f"sh -c mysql --password {MASK} -h db"),
        (["sh", "-c", "x --secret='two words' -v"], f"sh -c x --secret={MASK} -v"),
        (
            ["x", "--password-file=/etc/p", "--secret-name", "n", "--max-tokens=5"],
            "x --password-file=/etc/p --secret-name n --max-tokens=5",
        ),
        (["x", "--passive", "--bypass=1", "--tokenizer", "bpe"], "x --passive --bypass=1 --tokenizer bpe"),
        (["postgres: u db 127.0.0.1(1) idle"], "postgres: u db 127.0.0.1(1) idle"),
        ([], ""),
    ],
)
def test_masked(arguments: list[str], shown: str) -> None:
    assert masked_command_line(arguments) == shown


@given(st.lists(st.text(max_size=200), max_size=8))
def test_any_words_have_an_answer(words: list[str]) -> None:
    assert isinstance(masked_command_line(words), str)


@given(st.text("abcdefgh0123456789", min_size=6, max_size=30), st.sampled_from(["--password", "--token", "--client-secret", "--api-key"]))
def test_the_value_never_shows(secret: str, flag: str) -> None:
    assert secret not in masked_command_line(["serve", flag, f"{secret}Z"])
    assert secret not in masked_command_line(["serve", f"{flag}={secret}Z"])
    assert secret not in masked_command_line(["sh", "-c", f"serve {flag}={secret}Z {flag} {secret}Z"])


@pytest.mark.parametrize(
    "word", ["a" * 4000, "'" * 4000, '"a ' * 1300, "=" * 4000, "://@" * 1000, "a: " * 1300, "cookie:" * 570, "-" * 4000]
)
def test_hostile_lengths_take_bounded_time(word: str) -> None:
    assert masked_command_line(["x", word, f"{word} {word}"])
