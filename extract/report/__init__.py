"""A report to look at: a folder of static pages that shows every value where it stands.

``site.write`` makes it. The pages work from a folder, without a network and without a server.
"""
