"""What wallets are told and what is made of their answers, without a wallet."""
