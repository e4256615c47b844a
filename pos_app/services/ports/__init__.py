"""Every Protocol that services ask the outside for: store, time, devices, lanes."""
