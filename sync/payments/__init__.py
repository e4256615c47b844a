"""The till's talk with payment providers (wallets): adapters of one port, and a simulator of what they speak to."""
