"""What is said of what could not be seen."""

from doorward.sockets.unseen import unentered_sentences, unheld_sentences, unshown_sentences


def test_nothing_unseen_says_nothing() -> None:
    assert unheld_sentences(0, 9, is_root=False) == []
    assert unshown_sentences(0, is_root=False) == []
    assert unentered_sentences({}) == []


def test_a_user_is_told_the_right_that_helps() -> None:
    (sentence,) = unheld_sentences(1_200, 30, is_root=False)
    assert sentence == (
        "The process of 1,200 sockets: 30 processes don't show what they hold to this user. "
        "Run as root, or with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH."
    )


def test_root_is_not_told_to_be_root() -> None:
    assert all("Run as root" not in sentence for sentence in unheld_sentences(1, 1, is_root=True) + unshown_sentences(1, is_root=True))
    assert unheld_sentences(1, 0, is_root=True) == [
        "The process of 1 socket: no process here holds it; the kernel itself does, or another PID namespace."
    ]


def test_namespaces_with_one_reason_share_a_sentence() -> None:
    reasons = {f"ns{number}": "no" for number in range(8)} | {"web": "gone"}
    assert unentered_sentences(reasons) == [
        "Sockets in the network namespaces ns0, ns1, ns2, ns3, ns4 and 3 more: no.",
        "Sockets in the network namespace web: gone.",
    ]
