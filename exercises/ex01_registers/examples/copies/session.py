from copies import copies
copies()
