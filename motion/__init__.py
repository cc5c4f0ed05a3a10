"""The motion kernel: rotations, skeletons, clips, contacts, IK and retargeting. NumPy only.

Conventions, for the whole project:

- Units are metres, seconds and radians. World axes: +Y up, the ground is y = 0.
- A figure in its rest pose stands on the ground and faces +Z; its left side is +X. Right handed.
- Quaternions are ``(w, x, y, z)``, unit length; rotations act on column vectors (``R @ v``).
- A transform is named for what it does to points: ``world_from_joint`` takes joint coordinates
  to world coordinates, and ``a_from_b @ b_from_c == a_from_c``.
- Local means relative to the parent joint; world means relative to the ground.
- Time is counted in whole frames at a clip's ``fps``. Ranges are half-open: ``start <= f < stop``.
- Arrays inside the frozen types are read-only. Batched functions take any leading dimensions.

Shapes in docstrings use ``T`` frames and ``J`` joints.
"""
