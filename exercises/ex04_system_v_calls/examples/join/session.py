from join import join
join(bytearray(20), b"some", b"thing")
join(bytearray(20), b"", b"")
