export default { testMatch: ["<rootDir>/jest.test.mjs"], moduleFileExtensions: ["mjs", "js"], transform: {} };
