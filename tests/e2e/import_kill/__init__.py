"""Imports killed at points of their way: a child that dies where it is told to, and what a shop holds afterwards."""
