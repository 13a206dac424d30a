// Whose release it is, by cluster, workspace and name, so that a change of its objects finds its Tenant. A Tenant has one place at a time; one
// that is refused may have the same as the Tenant that it collides with.
export interface Place {
  readonly cluster: string;
  readonly workspace: string;
  readonly release: string;
}

export interface Places {
  readonly set: (key: string, place: Place) => void;
  readonly forget: (key: string) => void;
  readonly ofRelease: (place: Place) => readonly string[];
  readonly inWorkspace: (place: Omit<Place, 'release'>) => readonly string[];
}

export function places(): Places {
  const byKey = new Map<string, Place>();
  const byPlace = new Map<string, Set<string>>();
  const text = ({ cluster, workspace, release }: Place) => `${cluster} ${workspace} ${release}`;

  function forget(key: string): void {
    const place = byKey.get(key);
    if (place === undefined) return;
    byKey.delete(key);
    const keys = byPlace.get(text(place));
    keys?.delete(key);
    if (keys?.size === 0) byPlace.delete(text(place));
  }

  return {
    set: (key, place) => {
      forget(key);
      byKey.set(key, place);
      byPlace.set(text(place), new Set([...(byPlace.get(text(place)) ?? []), key]));
    },
    forget,
    ofRelease: (place) => [...(byPlace.get(text(place)) ?? [])],
    inWorkspace: ({ cluster, workspace }) =>
      [...byKey].flatMap(([key, place]) =>
        place.cluster === cluster && place.workspace === workspace ? [key] : [],
      ),
  };
}
