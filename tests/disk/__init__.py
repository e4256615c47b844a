"""What a till's books are worth when the power goes or the disk fails: a witness between the process and its disk."""
