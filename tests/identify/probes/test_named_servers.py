"""The first fitting line of a table names the server."""

from doorward.identify.probes._named_servers import NO_SERVER, name_server, pattern

TABLE = (
    pattern(r"\bAlpha (\d[\w.]*)", "Alpha", "Makers", "makers:alpha"),
    pattern(r"\bAlpha\b", "Alpha", "Makers", "makers:alpha"),
    pattern(r"\bBeta\b", "Beta"),
)


def test_the_first_that_fits_counts() -> None:
    assert name_server("I am alpha 1.2.", TABLE).version == "1.2"
    assert name_server("I am Alpha", TABLE).cpe == "cpe:2.3:a:makers:alpha:*:*:*:*:*:*:*:*"
    assert name_server("Beta 3", TABLE).cpe == ""
    assert name_server("Gamma", TABLE) is NO_SERVER


def test_reads_no_more_than_it_should() -> None:
    assert name_server("x" * 3000 + "Beta", TABLE) is NO_SERVER
