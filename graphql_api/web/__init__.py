"""Plain HTTP: pages, downloads, health, and what every request passes through."""
