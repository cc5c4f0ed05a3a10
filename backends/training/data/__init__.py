"""Training data: an adaptor a public data set, curation, captions, splits, the result's reader.

``build.build`` goes from published files to a folder that ``dataset.MotionDataset`` opens.
``take`` says what an adaptor yields, ``load`` reads it onto the canonical body, ``curate`` cuts
and filters, ``measure`` looks at what is left, ``captions`` describe it, ``split`` deals takes to
training and tests.
"""
