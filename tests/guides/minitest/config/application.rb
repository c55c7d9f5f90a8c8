require "logger"
require "rails"
require "action_mailer/railtie"
require "active_job/railtie"
require "rails/test_unit/railtie"

# As little of Rails as sends mail.
module ShopApp
  class Application < Rails::Application
    config.root = File.expand_path("..", __dir__)
    config.eager_load = false
    config.logger = Logger.new(nil)
  end
end
