from answer import answer
if answer():
    # message
    answer()
 # message
answer()
