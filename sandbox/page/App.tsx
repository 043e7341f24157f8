import { type ReactNode, useEffect, useState } from 'react';
import { Desk } from './Desk.tsx';
import { readRoute } from './store/route.ts';

/** Decides who is looking; everything else is that person's desk. */
export function App(): ReactNode {
  const [user, setUser] = useState(() => readRoute(location.hash).user ?? '');
  useEffect(() => {
    const follow = () => setUser(readRoute(location.hash).user ?? '');
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return <Desk key={user} user={user} />;
}
