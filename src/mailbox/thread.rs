//! Conversations: which messages hang together, and why one that looks like an answer does not.
//!
//! Messages hang together by Message-ID, In-Reply-To and References alone (RFC 5322 §3.6.4), as in the algorithm of JWZ
//! without its guesses by subject: an id that two messages name puts them together, whether its message is here or not. So
//! the order of arrival does not matter. Nothing is kept for it: one pass over the views of all messages in scope, some
//! milliseconds for ten thousand, for a thread that answers nobody.

mod astray;

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use super::{Inbox, Message, MessageId, Query, Scope, Stored};
use crate::mail::View;
pub use astray::Astray;

/// The messages that hang together with one.
#[derive(Debug)]
pub struct Conversation {
    /// Each below the one that it answers, and those that answer the same by age; at most so many as were asked for.
    pub shown: Vec<Placed>,
    /// How many there are.
    pub count: usize,
    ids: HashSet<Box<str>>,
}

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
        for placed in &mut shown {
            placed.astray = astray::of(&placed.stored.message.view, &views, &groups.by_id);
        }
        let ids = members.iter().flat_map(|&at| names(views[at])).map(Into::into).collect();
        Some(Self { shown, count: members.len(), ids })
    }

    /// How many messages hang together with this one, itself included, and why it does not hang to what it answers.
    pub fn of_one(inbox: &Inbox, scope: &Scope, id: MessageId) -> Option<(usize, Vec<Astray>)> {
        let all = all(inbox, scope);
        let views: Vec<&View> = all.iter().map(|message| &message.view).collect();
        let at = all.iter().position(|message| message.id == id)?;
        let mut groups = Groups::of(&views);
        Some((groups.with(at).len(), astray::of(views[at], &views, &groups.by_id)))
    }

    /// Whether a message that comes now belongs to it; it does from then on.
    pub fn takes(&mut self, view: &View) -> bool {
        let belongs = names(view).any(|id| self.ids.contains(id));
        if belongs {
            self.ids.extend(names(view).map(Into::into));
        }
        belongs
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

    fn top(&mut self, mut at: usize) -> usize {
        while self.above[at] != at {
            self.above[at] = self.above[self.above[at]];
            at = self.above[at];
        }
        at
    }

    /// Those that hang together with this one, in order of arrival.
    fn with(&mut self, at: usize) -> Vec<usize> {
        let top = self.top(at);
        (0..self.messages).filter(|&other| self.top(other) == top).collect()
    }
}

/// The members as a tree that is read from top to bottom: each with its depth. `members` are in order of arrival.
fn order(views: &[&View], members: &[usize], groups: &Groups<'_>) -> Vec<(usize, usize)> {
    let mut parents: HashMap<usize, usize> = HashMap::new();
    let mut children: HashMap<usize, Vec<usize>> = HashMap::new();
    for &at in members {
        let named = views[at].ancestry.iter().flat_map(|ancestry| ancestry.nearest_first());
        // Where two messages have the id, the older one is meant.
        let here = named.filter_map(|id| groups.by_id.get(id)).map(|holders| holders[0]);
        // Two that claim to answer each other must not hang below themselves.
        let hangs_below_it = |&parent: &usize| {
            children.contains_key(&at)
                && std::iter::successors(Some(parent), |above| parents.get(above).copied()).any(|above| above == at)
        };
        let parent = here.filter(|&parent| parent != at).find(|parent| !hangs_below_it(parent));
        if let Some(parent) = parent {
            parents.insert(at, parent);
            children.entry(parent).or_default().push(at);
        }
    }
    let mut waiting: Vec<_> = members.iter().rev().filter(|at| !parents.contains_key(at)).map(|&at| (at, 0)).collect();
    let mut ordered = Vec::with_capacity(members.len());
    while let Some((at, depth)) = waiting.pop() {
        ordered.push((at, depth));
        waiting.extend(children.get(&at).into_iter().flatten().rev().map(|&child| (child, depth + 1)));
    }
    ordered
}

#[cfg(test)]
mod tests;
