from by_bytes import birthday
birthday()
0x07c7
