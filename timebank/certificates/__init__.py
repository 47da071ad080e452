"""Certificates: snapshots of service and of stars, with a number and a code that anybody can check for ever."""
