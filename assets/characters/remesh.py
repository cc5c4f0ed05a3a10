"""From an implicit surface to an even triangle mesh: surface nets, then isotropic remeshing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assets.characters.implicit import Field, Points, gradient, project

Faces = NDArray[np.int64]

#: How near to a line (metres) a vertex counts as on it.
ON_LINE = 2e-5

#: Cell corners, and the corner pairs that are its twelve edges.
_CORNERS = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)])
_EDGES = np.array(
    [[a, b] for a in range(8) for b in range(8) if bin(a ^ b).count("1") == 1 and a < b]
)


def surface_nets(field: Field, low: Points, high: Points, size: float) -> tuple[Points, Faces]:
    """The zero level of ``field`` in a box as one vertex a cell and two triangles a crossed edge.

    Gibson (1998). ``low`` is moved so that the plane x = 0 runs through the middle of cells: the
    mesh of a symmetric field is then symmetric, with a row of vertices on that plane.
    """
    low = np.array([-(np.ceil(-low[0] / size) + 0.5) * size, low[1], low[2]])
    count = np.ceil((high - low) / size).astype(int) + 1
    axes = [low[i] + size * np.arange(count[i]) for i in range(3)]
    values = _sample(field, axes)
    cells = np.stack([values[tuple(map(_span, corner, count))] for corner in _CORNERS])
    active = np.argwhere((cells.min(axis=0) < 0) & (cells.max(axis=0) >= 0))
    corner = cells[:, active[:, 0], active[:, 1], active[:, 2]].T
    a, b = corner[:, _EDGES[:, 0]], corner[:, _EDGES[:, 1]]
    crossed = (a < 0) != (b < 0)
    t = np.where(crossed, a / np.where(crossed, a - b, 1), 0)[..., None]
    at = (1 - t) * _CORNERS[_EDGES[:, 0]] + t * _CORNERS[_EDGES[:, 1]]
    inside = (at * crossed[..., None]).sum(axis=1) / crossed.sum(axis=1)[:, None]
    vertices = low + size * (active + inside)
    number = np.full(count - 1, -1)
    number[tuple(active.T)] = np.arange(len(active))
    return vertices, np.concatenate([_quads(values, number, axis) for axis in range(3)])


def _sample(field: Field, axes: list[NDArray], block: int = 8) -> NDArray[np.float64]:
    """Field values on a grid, exact near the surface, copied from a coarse grid elsewhere.

    A block is left out when its middle is further from the surface than twice its half diagonal.
    """
    shape = tuple(len(a) for a in axes)
    size = axes[0][1] - axes[0][0]
    starts = np.stack(np.meshgrid(*[np.arange(0, n, block) for n in shape], indexing="ij"), -1)
    starts = starts.reshape(-1, 3)
    low = np.array([a[0] for a in axes])
    middle = field(low + size * (starts + (block - 1) / 2))
    values = np.empty(shape)
    far = np.abs(middle) > 2 * np.sqrt(3) / 2 * block * size
    for start, value in zip(starts[far], middle[far], strict=True):
        values[tuple(slice(s, s + block) for s in start)] = value
    near = np.zeros(shape, bool)
    for start in starts[~far]:
        near[tuple(slice(s, s + block) for s in start)] = True
    at = np.argwhere(near)
    values[near] = np.concatenate(
        [field(low + size * part) for part in np.array_split(at, len(at) // 50_000 + 1)]
    )
    return values


def _span(offset: int, count: int) -> slice:
    return slice(offset, count - 1 + offset)


def _quads(values: NDArray, number: NDArray, axis: int) -> Faces:
    """Two triangles around each grid edge along ``axis`` that the surface crosses."""
    before, after = np.moveaxis(values, axis, 0)[:-1], np.moveaxis(values, axis, 0)[1:]
    at = np.argwhere((before < 0) != (after < 0))
    at = at[(at[:, 1] > 0) & (at[:, 2] > 0)]
    outward = before[tuple(at.T)] < 0
    cells = np.moveaxis(number, axis, 0)
    e, u, v = at.T
    ring = np.stack(
        [cells[e, u - 1, v - 1], cells[e, u, v - 1], cells[e, u, v], cells[e, u - 1, v]]
    )
    # moveaxis keeps a right-handed (e, u, v) for x and z, and turns it over for y.
    flip = outward if axis != 1 else ~outward
    ring = np.where(flip, ring, ring[::-1])
    return np.concatenate([ring[[0, 1, 2]].T, ring[[0, 2, 3]].T])


def half(vertices: Points, faces: Faces) -> tuple[Points, Faces]:
    """The part of a symmetric mesh with x >= 0, its rim exactly on x = 0."""
    vertices = np.where(np.abs(vertices) < [[1e-6, 0, 0]], 0, vertices)
    return compact(vertices, faces[(vertices[faces, 0] >= 0).all(axis=1)])


def whole(vertices: Points, faces: Faces) -> tuple[Points, Faces, NDArray[np.int64]]:
    """A half and its reflection, joined along x = 0, and the half's vertex for each vertex."""
    count = len(vertices)
    own = np.arange(count)
    free = vertices[:, 0] > 0
    other = own.copy()
    other[free] = count + np.arange(free.sum())
    joined = np.concatenate([vertices, vertices[free] * [-1, 1, 1]])
    return joined, np.concatenate([faces, other[faces][:, ::-1]]), np.concatenate([own, own[free]])


def compact(vertices: Points, faces: Faces) -> tuple[Points, Faces]:
    """Without the vertices that no face uses."""
    used, faces = np.unique(faces, return_inverse=True)
    return vertices[used], faces.reshape(-1, 3)


def isotropic(
    vertices: Points,
    faces: Faces,
    field: Field,
    size: Field,
    rounds: int,
    lines: Sequence[Field] = (),
) -> tuple[Points, Faces]:
    """An even triangulation of the level set, edges about ``size(points)`` metres long.

    Botsch and Kobbelt (2004): split long edges, collapse short ones, flip towards valence six,
    slide vertices to the middle of their neighbours and back onto the surface. A rim (on x = 0)
    is kept and only slides along itself; vertices where one of ``lines`` is zero stay.
    """

    def line(points: Points) -> NDArray[np.float64]:
        return np.min([np.abs(f(points)) for f in lines], axis=0) if lines else points[:, 0] + 1

    for turn in range(rounds):
        for _ in range(3):
            vertices, faces = _split(vertices, faces, size, line)
        for _ in range(3):
            vertices, faces = _collapse(vertices, faces, size, line)
        for _ in range(2):
            faces = _flip(vertices, faces, line)
        for _ in range(2 if turn < rounds - 1 else 6):
            vertices = _relax(vertices, faces, field, size, line)
    return vertices, faces


def edges_of(faces: Faces) -> tuple[Faces, NDArray[np.int64], NDArray[np.int64]]:
    """Edges ``[E, 2]``, the two faces of each (-1 beyond the rim) and their opposite corners."""
    pairs = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    owner = np.tile(np.arange(len(faces)), 3)
    corner = np.concatenate([faces[:, 2], faces[:, 0], faces[:, 1]])
    edges, which = np.unique(np.sort(pairs, axis=1), axis=0, return_inverse=True)
    which = which.ravel()
    order = np.argsort(which, kind="stable")
    first = np.r_[True, np.diff(which[order]) > 0]
    sides = np.full((len(edges), 2), -1)
    tips = np.full((len(edges), 2), -1)
    slot = np.where(first, 0, 1)
    sides[which[order], slot] = owner[order]
    tips[which[order], slot] = corner[order]
    return edges, sides, tips


def _split(vertices: Points, faces: Faces, size: Field, line: Field) -> tuple[Points, Faces]:
    edges, sides, _ = edges_of(faces)
    fixed = line(vertices) < ON_LINE
    ratio = np.linalg.norm(vertices[edges[:, 0]] - vertices[edges[:, 1]], axis=1)
    ratio /= size(vertices[edges].mean(axis=1))
    ratio[fixed[edges].all(axis=1)] = 0
    taken = np.zeros(len(faces) + 1, bool)
    chosen = []
    for e in np.argsort(-ratio):
        if ratio[e] <= 4 / 3:
            break
        if not taken[sides[e]].any():
            taken[sides[e][sides[e] >= 0]] = True
            chosen.append(e)
    if not chosen:
        return vertices, faces
    middle = vertices[edges[chosen]].mean(axis=1)
    number = len(vertices) + np.arange(len(chosen))
    out = [faces[~taken[:-1]]]
    for slot in range(2):
        at = sides[chosen, slot] >= 0
        mine, ends = faces[sides[chosen, slot][at]], edges[chosen][at]
        for old in range(2):
            out.append(np.where(mine == ends[:, [old]], number[at][:, None], mine))
    return np.concatenate([vertices, middle]), np.concatenate(out)


def _collapse(vertices: Points, faces: Faces, size: Field, line: Field) -> tuple[Points, Faces]:
    edges, sides, _ = edges_of(faces)
    wanted = size(vertices[edges].mean(axis=1))
    ratio = np.linalg.norm(vertices[edges[:, 0]] - vertices[edges[:, 1]], axis=1) / wanted
    rim_edge = sides[:, 1] < 0
    rim = np.zeros(len(vertices), bool)
    rim[edges[rim_edge]] = True
    ring: list[set[int]] = [set() for _ in vertices]
    for a, b in edges.tolist():
        ring[a].add(b)
        ring[b].add(a)
    fixed = line(vertices) < ON_LINE
    along = line(vertices[edges].mean(axis=1)) < 0.0015
    owned: list[list[int]] = [[] for _ in vertices]
    for f, face in enumerate(faces.tolist()):
        for v in face:
            owned[v].append(f)
    locked = np.zeros(len(vertices), bool)
    target = np.arange(len(vertices))
    vertices = vertices.copy()
    for e in np.argsort(ratio):
        if ratio[e] >= 4 / 5:
            break
        a, b = (int(v) for v in edges[e])
        if (rim[b] and not rim[a]) or (fixed[b] and not fixed[a]):
            a, b = b, a
        if (rim[b] and not rim[a]) or (fixed[b] and not (fixed[a] and along[e])):
            continue
        around = ring[a] | ring[b]
        if locked[list(around)].any() or (rim[a] and rim[b] and not rim_edge[e]):
            continue
        if len(ring[a] & ring[b]) != (1 if rim_edge[e] else 2) or len(around) < 6:
            continue
        stays = fixed[a] or (rim[a] and not rim[b])
        place = vertices[a] if stays else (vertices[a] + vertices[b]) / 2
        far = max(np.linalg.norm(vertices[c] - place) for c in around - {a, b})
        kept = faces[[f for f in {*owned[a], *owned[b]} if f not in sides[e]]]
        if far > 1.4 * wanted[e] or _turns(vertices, kept, (a, b), place):
            continue
        vertices[a] = place
        target[b] = a
        locked[list(around)] = True
    faces = target[faces]
    a, b, c = faces.T
    return compact(vertices, faces[(a != b) & (b != c) & (c != a)])


def _turns(vertices: Points, faces: Faces, moved: tuple[int, int], place: Points) -> bool:
    """Whether a triangle would tilt by more than 60 degrees if ``moved`` went to ``place``."""
    before = vertices[faces]
    after = np.where(np.isin(faces, moved)[..., None], place, before)
    old, new = (np.cross(t[:, 1] - t[:, 0], t[:, 2] - t[:, 0]) for t in (before, after))
    size = np.linalg.norm(old, axis=1) * np.linalg.norm(new, axis=1)
    return bool(((old * new).sum(axis=1) < 0.5 * size).any())


def _unfolded(before: Points, after: Points, faces: Faces, normal: Points, cosine: float) -> Points:
    """``after``, but back at ``before`` where a triangle would turn away from ``normal[V]``.

    ``cosine`` is the least that a triangle may share of its vertices' mean normal.
    """
    up = normal[faces].mean(axis=1)
    for _ in range(5):
        corners = after[faces]
        cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        bad = (cross * up).sum(axis=1) < cosine * np.linalg.norm(cross, axis=1)
        if not bad.any():
            break
        after[faces[bad]] = before[faces[bad]]
    return after


def _flip(vertices: Points, faces: Faces, line: Field) -> Faces:
    edges, sides, tips = edges_of(faces)
    faces = faces.copy()
    valence = np.bincount(edges.ravel(), minlength=len(vertices))
    ideal = np.full(len(vertices), 6)
    ideal[edges[sides[:, 1] < 0]] = 4
    exists = set(map(tuple, edges.tolist()))
    taken = np.zeros(len(faces), bool)
    fixed = line(vertices) < ON_LINE
    inner = np.flatnonzero((sides[:, 1] >= 0) & ~fixed[edges].all(axis=1))
    for e in inner:
        (a, b), (c, d), (f, g) = edges[e].tolist(), tips[e].tolist(), sides[e].tolist()
        if taken[f] or taken[g] or (min(c, d), max(c, d)) in exists:
            continue
        now = [valence[v] - ideal[v] for v in (a, b, c, d)]
        gain = sum(n * n for n in now) - sum(
            (n + s) ** 2 for n, s in zip(now, (-1, -1, 1, 1), strict=True)
        )
        if gain <= 0 or not _may_flip(vertices, faces[f].tolist(), a, b, c, d):
            continue
        left, right = (a, b) if _follows(faces[f].tolist(), a, b) else (b, a)
        faces[f], faces[g] = (c, left, d), (c, d, right)
        valence[[a, b]] -= 1
        valence[[c, d]] += 1
        exists.discard((a, b))
        exists.add((min(c, d), max(c, d)))
        taken[[f, g]] = True
    return faces


def _follows(face: list[int], a: int, b: int) -> bool:
    return face[(face.index(a) + 1) % 3] == b


def _may_flip(vertices: Points, face: list[int], a: int, b: int, c: int, d: int) -> bool:
    """Whether the two new triangles face the way the old ones did, without becoming slivers."""
    left, right = (a, b) if _follows(face, a, b) else (b, a)
    normal = np.cross(vertices[right] - vertices[left], vertices[c] - vertices[left])
    for x, y, z in ((c, left, d), (c, d, right)):
        cross = np.cross(vertices[y] - vertices[x], vertices[z] - vertices[x])
        if cross @ normal < 0.5 * np.linalg.norm(cross) * np.linalg.norm(normal):
            return False
    return True


def _relax(vertices: Points, faces: Faces, field: Field, size: Field, line: Field) -> Points:
    edges, sides, _ = edges_of(faces)
    rim_edge = sides[:, 1] < 0
    rim = np.zeros(len(vertices), bool)
    rim[edges[rim_edge]] = True
    total, mean = np.zeros(len(vertices)), np.zeros_like(vertices)
    weight = 1 / size(vertices)
    for a, b in (edges.T, edges[:, ::-1].T):
        use = ~rim[a] | rim_edge
        np.add.at(mean, a[use], (weight[b[use], None] * vertices[b[use]]))
        np.add.at(total, a[use], weight[b[use]])
    move = mean / total[:, None] - vertices
    normal = gradient(field, vertices)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    move -= (move * normal).sum(axis=1, keepdims=True) * normal
    moved = project(field, vertices + 0.6 * move, steps=3)
    moved[rim, 0] = 0
    fixed = line(vertices) < ON_LINE
    lost = np.abs(field(moved)) > 1e-5
    home = project(field, vertices, steps=3)
    home[rim, 0] = 0
    moved = np.where(lost[:, None], home, moved)
    moved = _unfolded(home, moved, faces, normal, cosine=0.2)
    return np.where(fixed[:, None], vertices, moved)


def cut(
    vertices: Points, faces: Faces, extra: NDArray, level: Field, surface: Field, snap: float
) -> tuple[Points, Faces, NDArray]:
    """Edges laid along the line where ``level`` is zero on the surface.

    Vertices within ``snap`` metres slide onto the line first, so that few triangles are cut into
    slivers. ``extra[V, K]`` is interpolated for the new vertices.
    """
    vertices = _slide(vertices, faces, level, surface, snap)
    value = level(vertices)
    value[np.abs(value) < ON_LINE] = 0
    edges, _, _ = edges_of(faces)
    edges = edges[value[edges[:, 0]] * value[edges[:, 1]] < 0]
    a, b = edges.T
    t = (value[a] / (value[a] - value[b]))[:, None]
    added = (1 - t) * vertices[a] + t * vertices[b]
    reached = _onto(added, level, surface)
    near = np.linalg.norm(reached - added, axis=1) < 0.2 * np.linalg.norm(
        vertices[b] - vertices[a], axis=1
    )
    near &= np.abs(surface(reached)) < 1e-5
    added = np.where(near[:, None], reached, project(surface, added, steps=6))
    number = {(int(i), int(j)): len(vertices) + n for n, (i, j) in enumerate(edges)}
    out = []
    for face in faces.tolist():
        out += _cut_face(face, number)
    mixed = (1 - t) * extra[a] + t * extra[b]
    return np.concatenate([vertices, added]), np.array(out), np.concatenate([extra, mixed])


def _cut_face(face: list[int], number: dict[tuple[int, int], int]) -> list[tuple[int, int, int]]:
    """One face split at the numbered middles of its edges: into one, two or three."""
    at = [number.get((min(face[k], face[k - 2]), max(face[k], face[k - 2]))) for k in range(3)]
    crossed = [k for k in range(3) if at[k] is not None]
    if not crossed:
        return [(face[0], face[1], face[2])]
    if len(crossed) == 1:
        k = crossed[0]
        a, b, tip, m = face[k], face[k - 2], face[k - 1], at[k]
        return [(a, m, tip), (m, b, tip)]  # type: ignore[list-item]
    k = next(k for k in range(3) if at[k] is None)  # the uncrossed edge, opposite the lone corner
    a, b, lone = face[k], face[k - 2], face[k - 1]
    m, n = at[k - 2], at[k - 1]
    return [(a, b, m), (a, m, n), (n, m, lone)]  # type: ignore[list-item]


def _slide(vertices: Points, faces: Faces, level: Field, surface: Field, snap: float) -> Points:
    """Vertices within ``snap`` of the zero line of ``level`` moved onto it, along the surface."""
    slope = _uphill(vertices, level, surface)
    steep = np.linalg.norm(slope, axis=1)
    near = np.flatnonzero((np.abs(level(vertices)) < snap * steep) & (steep > 0.2))
    points = _onto(vertices[near], level, surface)
    kept = np.linalg.norm(points - vertices[near], axis=1) < 1.5 * snap
    kept &= np.abs(surface(points)) < 1e-5
    moved = vertices.copy()
    moved[near[kept]] = points[kept]
    normal = gradient(surface, vertices)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    return _unfolded(vertices, moved, faces, normal, cosine=0.7)


def _onto(points: Points, level: Field, surface: Field) -> Points:
    """Points near the zero line of ``level`` moved onto it and the surface; a rim stays a rim."""
    rim = points[:, 0] == 0
    for _ in range(6):
        slope = _uphill(points, level, surface)
        slope[rim, 0] = 0
        square = np.maximum((slope**2).sum(axis=1), 1e-2)
        points = project(surface, points - (level(points) / square)[:, None] * slope, steps=2)
        points[rim, 0] = 0
    return points


def _uphill(points: Points, level: Field, surface: Field) -> Points:
    """The gradient of ``level`` along the surface ``[N, 3]``."""
    normal = gradient(surface, points)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    slope = gradient(level, points)
    return slope - (slope * normal).sum(axis=1, keepdims=True) * normal
