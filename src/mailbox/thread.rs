//! Conversations: which messages hang together, and why one that looks like an answer does not.
//!
//! Messages hang together by Message-ID, In-Reply-To and References alone (RFC 5322 §3.6.4), as in the algorithm of JWZ
//! without its guesses by subject: an id that two messages name puts them together, whether its message is here or not. So
//! the order of arrival does not matter. Nothing is kept for it: one pass over the views of all messages in scope, some
//! milliseconds for ten thousand, for a thread that answers nobody.

mod astray;

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::ops::ControlFlow;
use std::sync::Arc;

use super::{Inbox, Message, MessageId, Query, Scope, Stored};
use crate::mail::View;
pub use astray::Astray;
use astray::Others;

/// The messages that hang together with one.
#[derive(Debug)]
pub struct Conversation {
    /// Each below the one that it answers, and those that answer the same by age; at most so many as were asked for.
    pub shown: Vec<Placed>,
    /// How many there are.
    pub count: usize,
    /// What makes a message one of them.
    pub ties: Ties,
}

/// The ids that a conversation has and names. Whoever follows one keeps these and no message: it may be evicted meanwhile.
#[derive(Debug, Default)]
pub struct Ties {
    ids: HashSet<u64>,
    hasher: RandomState,
}

/// A conversation that goes on for weeks is followed by its first so many ids.
const TIES_MAX: usize = 100_000;

/// A message in its conversation.
#[derive(Debug)]
pub struct Placed {
    /// The message.
    pub stored: Stored,
    /// How many stand above it, each the answer to another.
    pub depth: usize,
    /// Why it does not hang to what it answers.
    pub astray: Vec<Astray>,
}

impl Conversation {
    /// The messages in scope that hang together with this one; none if it is not there. At most `shown_max` are told.
    pub fn around(inbox: &Inbox, scope: &Scope, id: MessageId, shown_max: usize) -> Option<Self> {
        let all = all(inbox, scope);
        let views: Vec<&View> = all.iter().map(|message| &message.view).collect();
        let at = all.iter().position(|message| message.id == id)?;
        let mut groups = Groups::of(&views);
        let members = groups.with(at);
        let store = inbox.store();
        let placed = order(&views, &members, &groups).into_iter().filter_map(|(at, depth)| {
            let stored = store.find(scope, all[at].id)?;
            Some(Placed { stored, depth, astray: Vec::new() })
        });
        let mut shown: Vec<_> = placed.take(shown_max).collect();
        drop(store);
        let others = Others::new(&views, &groups.by_id);
        for placed in &mut shown {
            placed.astray = others.reasons(&placed.stored.message.view);
        }
        let mut ties = Ties::default();
        let members_views = || members.iter().map(|&at| views[at]);
        // Their own first: most answers name one of those.
        ties.add(members_views().filter_map(own));
        ties.add(members_views().flat_map(names));
        Some(Self { shown, count: members.len(), ties })
    }

    /// How many messages hang together with this one, itself included, and why it does not hang to what it answers.
    pub fn of_one(inbox: &Inbox, scope: &Scope, id: MessageId) -> Option<(usize, Vec<Astray>)> {
        let all = all(inbox, scope);
        let views: Vec<&View> = all.iter().map(|message| &message.view).collect();
        let at = all.iter().position(|message| message.id == id)?;
        let mut groups = Groups::of(&views);
        let count = groups.with(at).len();
        Some((count, Others::new(&views, &groups.by_id).reasons(views[at])))
    }
}

impl Ties {
    /// Whether a message that comes now belongs to it; it does from then on.
    pub fn take(&mut self, view: &View) -> bool {
        let belongs = names(view).any(|id| self.ids.contains(&self.hasher.hash_one(id)));
        if belongs {
            self.add(names(view));
        }
        belongs
    }

    fn add<'a>(&mut self, ids: impl Iterator<Item = &'a str>) {
        for id in ids {
            if self.ids.len() == TIES_MAX {
                return;
            }
            self.ids.insert(self.hasher.hash_one(id));
        }
    }
}

/// All messages in scope, in order of arrival; the store is held for some at a time.
fn all(inbox: &Inbox, scope: &Scope) -> Vec<Arc<Message>> {
    let mut all = Vec::new();
    inbox.search(scope, &Query::default()).oldest_first().each(|kept| {
        all.push(kept.message.clone());
        ControlFlow::Continue(())
    });
    all
}

/// The id by which others can refer to a message.
fn own(view: &View) -> Option<&str> {
    let is_odd = view.ancestry.as_ref().is_some_and(|ancestry| ancestry.own_as_written.is_some());
    Some(&*view.message_id).filter(|id| !id.is_empty() && !is_odd)
}

/// Its own id and those that it names.
fn names(view: &View) -> impl Iterator<Item = &str> {
    own(view).into_iter().chain(view.ancestry.iter().flat_map(|ancestry| ancestry.nearest_first()))
}

/// What hangs together, by ids that stand for one another (a disjoint-set forest).
struct Groups<'a> {
    /// The messages are the first places, the ids the others.
    above: Vec<usize>,
    messages: usize,
    /// Those with this id, in order of arrival.
    by_id: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Groups<'a> {
    fn of(views: &[&'a View]) -> Self {
        let mut groups = Self {
            above: (0..views.len()).collect(),
            messages: views.len(),
            by_id: HashMap::with_capacity(views.len()),
        };
        let mut places: HashMap<&str, usize> = HashMap::with_capacity(views.len());
        for (at, view) in views.iter().enumerate() {
            for id in names(view) {
                let place = *places.entry(id).or_insert_with(|| {
                    groups.above.push(groups.above.len());
                    groups.above.len() - 1
                });
                groups.join(at, place);
            }
            if let Some(id) = own(view) {
                groups.by_id.entry(id).or_default().push(at);
            }
        }
        groups
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.top(one), self.top(other));
        self.above[one.max(other)] = one.min(other);
    }

    fn top(&mut self, at: usize) -> usize {
        top(&mut self.above, at)
    }

    /// Those that hang together with this one, in order of arrival.
    fn with(&mut self, at: usize) -> Vec<usize> {
        let top = self.top(at);
        (0..self.messages).filter(|&other| self.top(other) == top).collect()
    }
}

/// The last above this place; the way there is shortened, lest a long one is gone again and again.
fn top(above: &mut [usize], mut at: usize) -> usize {
    while above[at] != at {
        above[at] = above[above[at]];
        at = above[at];
    }
    at
}

/// The members as a tree that is read from top to bottom: each with its depth. `members` are in order of arrival.
fn order(views: &[&View], members: &[usize], groups: &Groups<'_>) -> Vec<(usize, usize)> {
    let mut above: Vec<usize> = (0..views.len()).collect();
    let mut children: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut tops = Vec::new();
    for &at in members {
        let named = views[at].ancestry.iter().flat_map(|ancestry| ancestry.nearest_first());
        // Where two messages have the id, the older one is meant.
        let mut here = named.filter_map(|id| groups.by_id.get(id)).map(|holders| holders[0]);
        // Two that claim to answer each other must not hang below themselves. It has nothing above it yet.
        match here.find(|&parent| top(&mut above, parent) != at) {
            Some(parent) => {
                above[at] = parent;
                children.entry(parent).or_default().push(at);
            }
            None => tops.push(at),
        }
    }
    let mut waiting: Vec<_> = tops.into_iter().rev().map(|at| (at, 0)).collect();
    let mut ordered = Vec::with_capacity(members.len());
    while let Some((at, depth)) = waiting.pop() {
        ordered.push((at, depth));
        waiting.extend(children.get(&at).into_iter().flatten().rev().map(|&child| (child, depth + 1)));
    }
    ordered
}

#[cfg(test)]
mod tests;
