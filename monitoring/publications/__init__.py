"""What the programme made public: reports, booklets, broadcasts, their editions, and whom they reached."""
