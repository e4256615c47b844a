"""What is journalled and sent: versioned frozen values, named in the past tense."""
