require "net/smtp"

# An application without Rails, that is told its login.
class Shop
  def initialize(smtp_user:, smtp_password:)
    @login = { user: smtp_user, secret: smtp_password, authtype: :plain }
  end

  def sign_up(address)
    smtp = Net::SMTP.new(ENV.fetch("SMTP_HOST", "localhost"), ENV.fetch("SMTP_PORT", "2525").to_i)
    smtp.start(**@login) do |session|
      session.send_message(<<~MAIL, "hello@shop.test", address)
        From: Shop <hello@shop.test>
        To: #{address}
        Subject: Welcome to the shop

        Your code is 481 516.
      MAIL
    end
  end
end
