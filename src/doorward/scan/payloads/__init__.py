"""What a UDP door is asked, one small file per protocol, and how its answer is known; bytes in, bytes out, no sockets."""

__all__: list[str] = []
