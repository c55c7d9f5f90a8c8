//! Text that reads like mail, always the same: chance from a seed, words by how often they occur.

/// Chance that is the same in every run (xorshift64).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn number(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.number() >> 33) as usize % limit
    }

    /// A word; the first of the list most often. One in nine stands nowhere else: an order number, an amount, a link. With
    /// them the text packs about as well as mail does, so that a server that packs what it keeps is not flattered.
    pub fn word(&mut self, onto: &mut String) {
        match self.below(36) {
            0 => onto.push_str(&format!("#{:06}", self.below(1_000_000))),
            1 => onto.push_str(&format!("{}.{:02}", self.below(2_000), self.below(100))),
            2 => onto.push_str(&format!("https://shop.test/o/{:x}", self.number() >> 24)),
            3 => onto.push_str(&format!("{:08x}", self.number() as u32)),
            _ => {
                // The lesser of two is small more often.
                let at = self.below(WORDS.len()).min(self.below(WORDS.len()));
                onto.push_str(WORDS[at]);
            }
        }
    }

    /// Short lines, none of which begins with a dot: exactly so many octets.
    pub fn prose(&mut self, octets: usize) -> String {
        let mut text = String::with_capacity(octets + 100);
        let mut column = 0;
        while text.len() < octets {
            let begins = text.len();
            self.word(&mut text);
            column += text.len() - begins + 1;
            if column > 60 {
                text.push_str("\r\n");
                column = 0;
            } else {
                text.push(' ');
            }
        }
        text.truncate(octets.saturating_sub(2));
        // Neither half a line end nor a dot that would be alone on its line.
        let kept = text.trim_end_matches(['\r', '\n', ' ', '.']).len();
        text.truncate(kept);
        text.extend(std::iter::repeat_n('-', octets.saturating_sub(2 + kept)));
        text.push_str("\r\n");
        text
    }
}

#[rustfmt::skip]
const WORDS: &[&str] = &[
    "the", "to", "your", "and", "of", "a", "you", "for", "is", "in", "we", "this", "order", "with", "on", "have", "be",
    "please", "that", "our", "it", "will", "account", "are", "if", "has", "been", "by", "from", "not", "can", "as", "at",
    "or", "was", "email", "address", "new", "password", "an", "thank", "payment", "now", "days", "within", "below", "all",
    "any", "link", "I", "shipping", "invoice", "team", "number", "date", "when", "more", "about", "here", "see", "would",
    "like", "delivery", "time", "service", "customer", "update", "questions", "change", "total", "receive", "request",
    "items", "confirm", "made", "may", "before", "after", "today", "information", "contact", "click", "reply", "code",
    "tracking", "details", "there", "they", "one", "two", "three", "but", "which", "what", "so", "up", "out", "do", "no",
    "page", "meeting", "report", "weekly", "project", "attached", "file", "review", "version", "release", "server",
    "support", "ticket", "issue", "closed", "opened", "reset", "minutes", "expires", "security", "device", "signed",
    "somebody", "else", "ignore", "message", "sent", "automatically", "subscription", "renewed", "monthly", "yearly",
    "price", "discount", "offer", "until", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "January", "March",
    "September", "December", "agreement", "terms", "conditions", "privacy", "policy", "changed", "effective", "manage",
    "settings", "notifications", "preferences", "unsubscribe", "anymore", "interested", "friend", "invited", "join",
    "workspace", "document", "shared", "comment", "mentioned", "assigned", "deadline", "schedule", "calendar", "event",
    "location", "online", "available", "feature", "improved", "faster", "performance", "fixed", "several", "problems",
    "reported", "users", "thanks", "everyone", "feedback", "appreciate", "patience", "apologize", "inconvenience",
    "delay", "warehouse", "package", "carrier", "estimated", "arrival", "signature", "required", "return", "refund",
    "processed", "bank", "transfer", "card", "ending", "billing", "period", "amount", "due", "balance", "statement",
    "download", "print", "records", "tax", "receipt", "business", "hours", "office", "phone", "call", "between",
    "morning", "afternoon", "evening", "regards", "sincerely", "cheers", "kindly", "further", "assistance", "happy",
    "help", "anything", "needed", "quickly", "possible", "available", "colleague", "department", "manager", "approved",
    "rejected", "pending", "waiting", "budget", "proposal", "contract", "signed", "partner", "supplier", "quality",
    "measure", "result", "graph", "table", "figure", "increase", "decrease", "percent", "compared", "previous",
    "quarter", "growth", "market", "region", "north", "south", "weather", "travel", "booking", "reservation", "hotel",
    "flight", "departure", "gate", "seat", "luggage", "passport", "check", "breakfast", "included", "guests", "room",
    "welcome", "enjoy", "stay", "library", "borrowed", "books", "reminder", "overdue", "renew", "course", "lesson",
    "teacher", "students", "exam", "grade", "certificate", "congratulations", "winner", "newsletter", "stories",
    "recipe", "kitchen", "garden", "winter", "summer", "children", "family", "doctor", "appointment", "clinic", "health",
    "insurance", "claim", "damage", "photograph", "upload", "folder", "backup", "storage", "almost", "full", "upgrade",
    "plan", "premium", "trial", "cancel", "anytime", "community", "forum", "question", "answered", "accepted", "badge",
];
