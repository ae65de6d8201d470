"""Single sign-on (统一登录) by OpenID Connect: staff sign in with the identity provider of their city.

An identity elsewhere opens an account here only after it was tied to it: by its owner, who showed the password once
more, or by whoever administers the account. No account is made, and nothing that a token says gives a permission.
"""
