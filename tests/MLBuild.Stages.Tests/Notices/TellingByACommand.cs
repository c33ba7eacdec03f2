using System.Diagnostics;
using System.Text.Json.Nodes;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Notices;

namespace MLBuild.Stages.Tests.Notices;

/// <summary>A program is told as a webhook is: by JSON, once, and whether it took it is asked.</summary>
public sealed class TellingByACommand : IDisposable
{
    private readonly NoticeSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task AProgramGetsTheNoticeOnceAndNoShellReadsItsArguments()
    {
        Command("tell it.sh", "printf '%s|' \"$@\" >> args; cat >> notices", "a \"b c\" $HOME;x");
        await _space.Done();
        await _space.Done();
        Assert.Equal("a|b c|$HOME;x|", await File.ReadAllTextAsync(Of("args")));
        var notice = JsonNode.Parse(await File.ReadAllTextAsync(Of("notices")))!;
        Assert.Equal("2019-03", (string?)notice["window"]!["name"]);
    }

    // Nobody told of a window is one thing, by which another.
    [Fact]
    public async Task WhatAWebhookWasToldTheCommandIsToldToo()
    {
        using var server = new LoopbackServer(200);
        _space.Address = server.Address;
        await _space.Done();
        Command("tell.sh", "cat >> notices");
        await _space.Done();
        Assert.Single(server.Posted);
        Assert.True(File.Exists(Of("notices")));
    }

    [Fact]
    public async Task AProgramThatFailsIsToldAgainByTheNextRun()
    {
        Command("tell.sh", "echo out of order >&2; exit 3");
        Assert.EndsWith(
            """
            The command './tell.sh' could not be told of 1 of 1 verdicts.
              drift in 2019-03, version 3: it ended with exit code 3 and said: out of order
            The verdicts are kept. Mend it and run Monitor again: what was told is not told again.
            """.ReplaceLineEndings("\n"), await _space.Failure());
        Command("tell.sh", "true");
        await _space.Done();
        Assert.Equal(
            ["Tell/Command: the command './tell.sh' was told: drift in 2019-03, version 3"], _space.Told);
    }

    // The program that it started has its output still.
    [Fact]
    public async Task AProgramThatFailsAndLeavesAnotherBehindHasFailed()
    {
        Command("tell.sh", "sleep 600 & echo $! > child; exit 3");
        try
        {
            Assert.Contains("it ended with exit code 3\n", await _space.Failure());
        }
        finally
        {
            var child = int.Parse(await File.ReadAllTextAsync(Of("child")), provider: null);
            using var running = Process.GetProcessById(child);
            running.Kill();
        }
    }

    // More than a pipe holds, to a program that has ended.
    [Fact]
    public async Task AProgramNeedNotReadWhatItIsGiven()
    {
        _space.Windows = [(new string('w', 100_000), WindowVerdict.Drift)];
        Command("tell.sh", "exit 0");
        await _space.Done();
    }

    [Fact]
    public async Task AProgramThatDoesNotEndIsEnded()
    {
        _space.Options = _space.Options with { Timeout = TimeSpan.FromMilliseconds(300) };
        Command("tell.sh", "echo $$ > begun; sleep 600 & echo $! > child; wait");
        Assert.Contains("it did not end within 0.30 s", await _space.Failure());
        // One that was ended before it came so far, or as it was about to write it, left nobody.
        foreach (var file in ((string[])["begun", "child"]).Select(Of).Where(File.Exists))
        {
            if (int.TryParse(await File.ReadAllTextAsync(file), out var process))
                await Ended(process).WaitAsync(TimeSpan.FromMinutes(5));
        }
    }

    [Theory]
    [InlineData("./missing.sh a", "The command './missing.sh' could not be told of 1 of 1 verdicts.")]
    [InlineData("no-such-program-anywhere", "The command 'no-such-program-anywhere' could not be told of 1 of 1 ")]
    public async Task AProgramThatIsNotThereIsNamed(string command, string expected)
    {
        _space.Options = _space.Options with { Channel = NoticeChannel.Command, Command = command };
        var message = await _space.Failure();
        Assert.Contains(expected, message);
        Assert.Contains("it could not be started (there is no such program)", message);
    }

    [Fact]
    public async Task OptionsOutOfRangeAreRefused()
    {
        _space.Options = _space.Options with
        {
            Channel = NoticeChannel.Command,
            Command = " ",
            MaxAttempts = 0,
            Timeout = TimeSpan.Zero,
            FirstDelay = -TimeSpan.FromSeconds(1),
        };
        Assert.EndsWith(
            "NoticeOptions: Timeout is 00:00:00, expected more than 0; MaxAttempts is 0, expected at least 1; "
            + "FirstDelay is -00:00:01, expected at least 0; Command is empty, expected a program and its arguments.",
            await _space.Failure());
    }

    private static async Task Ended(int process)
    {
        try
        {
            using var running = Process.GetProcessById(process);
            await running.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
        }
    }

    private string Of(string file) => Path.Combine(_space.Options.Folder, file);

    private void Command(string name, string script, string arguments = "")
    {
        File.WriteAllText(Of(name), $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Of(name), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        _space.Options = _space.Options with
        {
            Channel = NoticeChannel.Command,
            Command = (name.Contains(' ') ? $"\"./{name}\" " : $"./{name} ") + arguments,
        };
    }
}
