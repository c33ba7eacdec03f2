using MLBuild.Learning.Monitoring;

namespace MLBuild.Learning.Tests.Monitoring;

/// <summary>Which window a row is in, and how windows and looking back are named on a command line.</summary>
public sealed class ListingWindows
{
    [Theory]
    [InlineData("day", "2020-03-01", "2020-03-01", "2020-03-02")]
    [InlineData("week", "2020-02-24", "2020-02-24", "2020-03-02")]
    [InlineData("month", "2020-03", "2020-03-01", "2020-04-01")]
    public void OfTimeAreCalendarOnes(string rule, string name, string from, string to)
    {
        // A Sunday: the last day of its week.
        var window = WindowRule.Parse(rule).At(new DateTime(2020, 3, 1, 23, 59, 59));
        Assert.Equal(new(name, DateTime.Parse(from, null), DateTime.Parse(to, null)), window);
    }

    // "Never" is often written so.
    [Theory]
    [InlineData("day", "9999-12-31")]
    [InlineData("week", "9999-12-27")]
    [InlineData("month", "9999-12")]
    public void TheLastEndsWithTheCalendar(string rule, string name)
    {
        var window = WindowRule.Parse(rule).At(new DateTime(9999, 12, 31, 10, 0, 0));
        Assert.Equal((name, DateTime.MaxValue), (window.Name, window.To));
        Assert.Equal(window, WindowRule.Parse(rule).At(DateTime.MaxValue));
        Assert.Equal(
            new("9999-12-30", new(9999, 12, 30), new(9999, 12, 31)),
            WindowRule.Parse("day").At(new DateTime(9999, 12, 30)));
    }

    [Fact]
    public void OfRowsArePartsOfAFile()
    {
        var rule = WindowRule.Parse("500");
        Assert.Equal(
            ["a part 000001", "a part 000001", "a part 000002"],
            new[] { 0L, 499, 500 }.Select(row => rule.At("a", row).Name));
        Assert.Equal("a", WindowRule.Parse("file").At("a", 7).Name);
    }

    [Theory]
    [InlineData("hour")]
    [InlineData("99")]
    [InlineData("-500")]
    [InlineData("")]
    public void OtherTextsAreRefused(string text) => Assert.Equal(
        $"A window is '{text}', expected file, day, week, month, or a number of rows from 100.",
        Assert.Throws<ArgumentException>(() => WindowRule.Parse(text)).Message);

    [Theory]
    [InlineData("24h", 24)]
    [InlineData("7d", 168)]
    [InlineData("2w", 336)]
    public void OneLooksBackByHoursDaysOrWeeks(string text, int hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), LookBack.Parse(text));

    [Theory]
    [InlineData("7")]
    [InlineData("d")]
    [InlineData("-1d")]
    [InlineData("0d")]
    [InlineData("99999999w")]
    [InlineData("")]
    public void OtherLooksBackAreRefused(string text) => Assert.Equal(
        $"How far to look back is '{text}', expected a number of hours, days or weeks such as 24h, 7d or 2w.",
        Assert.Throws<ArgumentException>(() => LookBack.Parse(text)).Message);
}
