from byte_sum import byte_sum
byte_sum(20, 10), byte_sum(200, 100)
(200 + 100) % 256
