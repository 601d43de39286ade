/// The prime factors of a number, the smallest first.
pub fn factors(mut number: u64) -> Vec<u64> {
    let mut found = Vec::new();
    let mut divisor = 2;
    while divisor * divisor <= number {
        while number % divisor == 0 {
            found.push(divisor);
            number /= divisor;
        }
        divisor += if divisor == 2 { 1 } else { 2 };
    }
    if number > 1 {
        found.push(number);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::factors;

    #[test]
    fn splits() {
        assert_eq!(factors(360), [2, 2, 2, 3, 3, 5]);
        assert_eq!(factors(97), [97]);
        assert!(factors(1).is_empty());
    }
}
