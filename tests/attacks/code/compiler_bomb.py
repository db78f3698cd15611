"""Makes the compiler itself use up memory and stack."""

eval("(" * 150 + ")" * 150)
# %%
exec("a" + ".a" * 200_000)
# %%
exec("-" * 1_000_000 + "1")
# %%
exec("(1,) * 10**7 * 10**3")
# %%
exec("lambda: " * 100_000 + "0")
