"""`haitang chaos`: an instance of its own works while its processes are killed, and is then looked through."""
