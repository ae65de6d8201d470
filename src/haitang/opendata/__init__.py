"""Open data (数据开放): what became of matters, month by month, as files for anybody, in which nobody can be found.

A file holds no words, no pictures, nobody's name, number or account. Time, class and place are told so coarsely that
every line has others beside it that read the same; see values.coarsened.
"""
