//! Made-up passages and queries whose words are as unequally frequent as those of a language.

/// Different words.
const WORDS: u64 = 30_000;

pub struct Texts(u64);

impl Texts {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn random(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The word of rank r comes about 1/r times as often as the first (Zipf's law).
    fn word(&mut self) -> String {
        let rank = (WORDS as f64).powf(self.random()) as u64;
        // Ranks in letters: a consonant and a vowel for each digit, so that no stemmer finds an ending.
        let (mut rank, mut word) = (rank + 20, String::new());
        while rank > 0 {
            word.push(char::from(b"bdfgklmnprtvz"[(rank % 13) as usize]));
            word.push(char::from(b"aou"[(rank / 13 % 3) as usize]));
            rank /= 39;
        }
        word + "k"
    }

    pub fn sentence(&mut self, words: usize) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}
