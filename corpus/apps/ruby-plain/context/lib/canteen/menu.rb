require "json"

module Canteen
  Meal = Struct.new(:dish, :price) do
    def price_text
      format("%.2f", price / 100.0)
    end
  end

  # What there is to eat on which day.
  class Menu
    def self.load(path)
      new(JSON.parse(File.read(path)))
    end

    def initialize(days)
      @days = days
    end

    def on(day)
      @days.fetch(day).map { |meal| Meal.new(meal["dish"], meal["price"]) }
    end

    def day?(day)
      @days.key?(day)
    end
  end
end
