"""The target `python`: typed models, clients, server skeletons and fakes."""
