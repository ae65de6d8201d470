"""WeChat official account (公众号): a matter is reported by messages and pictures, and followed by messages.

The platform of WeChat sends what people write to one address of ours, signed and, as shipped, encrypted; what is
answered goes back in the answer. Whoever writes is known by an openid alone, which is sealed personal data.
"""
