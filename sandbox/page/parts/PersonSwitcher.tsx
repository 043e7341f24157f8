import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Person } from '../../slack/page-api.ts';
import { useDesk } from '../store/desk.ts';
import { Avatar } from './Avatar.tsx';
import { become, hasSwitched } from './become.ts';
import { Icon } from './Icon.tsx';
import { Menu } from './Menu.tsx';

/** Who am I now? The page can be any person of the workspace. */
export function PersonSwitcher(): ReactNode {
  const { me, workspace } = useDesk();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const people = workspace.people.filter((one) => !one.is_bot);

  useEffect(() => {
    if (hasSwitched()) button.current?.focus();
  }, []);

  return (
    <>
      <button
        ref={button}
        type="button"
        className="topbar-button person-button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={`You are ${me.real_name}. Switch person`}
        onClick={() => setOpen(!open)}
      >
        <Avatar person={me} size={22} /> <span className="person-name">{me.real_name}</span>{' '}
        <Role person={me} /> <Icon name="down" size={12} />
      </button>
      {open && (
        <Menu anchor={button} label="Switch person" onClose={() => setOpen(false)}>
          {people.map((person) => (
            <button
              key={person.id}
              type="button"
              role="menuitemradio"
              aria-checked={person.id === me.id}
              onClick={() => person.id !== me.id && become(person.name)}
            >
              <Avatar person={person} size={22} /> {person.real_name} <Role person={person} />
            </button>
          ))}
        </Menu>
      )}
    </>
  );
}

function Role({ person }: { person: Person }): ReactNode {
  return person.role === 'member' ? null : <span className="role">{person.role}</span>;
}
