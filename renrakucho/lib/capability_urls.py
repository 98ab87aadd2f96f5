"""Capability URLs: addresses with a code in their path, by which whoever has it acts. No log may keep such a code.

They are printed, faxed and mailed, and published for providers' sites, so that they stay as they are. The log of this
process has «…» in place of their codes (config.private_logging), no browser names them as the page it came from
(page.security_log.ReferrerPolicyMiddleware), and docs/running.md has the lines for each proxy that keep them out of
its log.
"""

CAPABILITY_PREFIXES = ("/a/", "/desk/join/", "/bureau/join/", "/return/", "/book/new-key/", "/calendar/")
