class ShopMailer < ActionMailer::Base
  default from: "Shop <hello@shop.test>"

  def welcome(address)
    mail to: address, subject: "Welcome to the shop", content_type: "text/plain",
         body: "Your code is 481 516.\nConfirm here: https://shop.test/confirm?token=4f7k9q2m1b6n\n"
  end

  def reset(address)
    mail to: address, subject: "Reset your password", content_type: "text/plain",
         body: "Follow https://shop.test/reset?token=8h2j5n1c7x4v\n"
  end
end
