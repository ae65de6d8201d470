"""Service days (统一服务日、党员周六志愿服务日): a day with a theme, its shifts, and who has signed up for which."""
