"""The rulebook: prose beside what it makes the machine do, its stages as a picture, its versions, and amending it."""
