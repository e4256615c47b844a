"""The till is killed anywhere: SIGKILL at random and at named places, an outside client that remembers each answer."""
