from left_by import left_by
left_by(1, 3), left_by(1, 63)
left_by(1, 64), left_by(1, 67)
1 << 64
