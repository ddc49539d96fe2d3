from halvings import halvings
halvings(1), halvings(2), halvings(1000), halvings(2**63)
